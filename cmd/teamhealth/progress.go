package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"teamhealth/internal/app"
)

// percent is the unit of progress.
const percent = 100

// reporter shows how far the sources have been read.
type reporter interface {
	show(p app.Progress)
	close()
}

// newReporter draws a bar per source on a terminal, and writes plain lines
// everywhere else.
func newReporter(w io.Writer) reporter {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &bars{out: w, bars: map[string]*progressbar.ProgressBar{}}
	}
	return &lines{out: w, shown: map[string]int{}}
}

// bars draws one progress bar after the other.
type bars struct {
	out  io.Writer
	bars map[string]*progressbar.ProgressBar
}

func (b *bars) show(p app.Progress) {
	bar, ok := b.bars[p.Source]
	if !ok {
		bar = progressbar.NewOptions(percent, progressbar.OptionSetWriter(b.out), progressbar.OptionSetPredictTime(false))
		b.bars[p.Source] = bar
	}
	bar.Describe(fmt.Sprintf("%-10s %8d records", p.Source, p.Records))
	_ = bar.Set(int(p.Fraction * percent)) // A bar that cannot be drawn must not stop the work.
}

func (b *bars) close() {
	for _, bar := range b.bars {
		_ = bar.Exit()
	}
	if len(b.bars) > 0 {
		fmt.Fprintln(b.out)
	}
}

// lines writes a line for every tenth part of a source.
type lines struct {
	out   io.Writer
	shown map[string]int // The tenths shown, by source.
}

func (l *lines) show(p app.Progress) {
	const tenths = 10
	done := int(p.Fraction * tenths)
	if last, ok := l.shown[p.Source]; ok && done <= last {
		return
	}
	l.shown[p.Source] = done
	fmt.Fprintf(l.out, "%s: %d%%, %d records\n", p.Source, done*percent/tenths, p.Records)
}

func (l *lines) close() {}
