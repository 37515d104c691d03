package secret_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/internal/secret"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFileIsReadAnewEachTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	source := secret.File(path)
	for _, content := range []string{"first\n", "second \t\r\n\n", "third"} {
		write(t, path, content)
		got, err := source.Read()
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSpace(content); got.Reveal() != want {
			t.Errorf("got %q, want %q", got.Reveal(), want)
		}
	}
}

func TestEnvironmentVariableIsReadAnewEachTime(t *testing.T) {
	source := secret.Env("TEAMHEALTH_TEST_TOKEN")
	for _, value := range []string{"first", "second\n"} {
		t.Setenv("TEAMHEALTH_TEST_TOKEN", value)
		got, err := source.Read()
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSpace(value); got.Reveal() != want {
			t.Errorf("got %q, want %q", got.Reveal(), want)
		}
	}
}

func TestUnusableFileIsNamedAndItsContentIsNot(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ content, want string }{
		"an empty file":               {content: "", want: "is empty"},
		"a file of white space":       {content: " \n\t\n", want: "is empty"},
		"a file of two lines":         {content: "geheim1\ngeheim2\n", want: "more than one line"},
		"a file with a control byte":  {content: "geheim\x00", want: "control characters"},
		"a file longer than a secret": {content: strings.Repeat("geheim", 20000), want: "longer than a secret"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "token")
			write(t, path, c.content)
			_, err := secret.File(path).Read()
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Fatalf("got error %v, want one that says %q and names %s", err, c.want, path)
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows what the file holds: %v", err)
			}
		})
	}
}

func TestAbsentPlacesAreNamed(t *testing.T) {
	t.Setenv("TEAMHEALTH_TEST_EMPTY", " ")
	path := filepath.Join(t.TempDir(), "none")
	cases := map[string]struct {
		source secret.Source
		want   string
	}{
		"an absent file":     {source: secret.File(path), want: path},
		"an absent variable": {source: secret.Env("TEAMHEALTH_TEST_ABSENT"), want: "environment variable TEAMHEALTH_TEST_ABSENT is not set"},
		"an empty variable":  {source: secret.Env("TEAMHEALTH_TEST_EMPTY"), want: "environment variable TEAMHEALTH_TEST_EMPTY is empty"},
		"no place at all":    {source: secret.Source{}, want: secret.ErrNoSource.Error()},
	}
	for name, c := range cases {
		if _, err := c.source.Read(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q in it", name, err, c.want)
		}
	}
	if _, err := secret.File(path).Read(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want an error that is fs.ErrNotExist", err)
	}
}

func TestSourceSaysWhereItReads(t *testing.T) {
	t.Parallel()
	want := map[secret.Source]string{
		secret.File("/run/token"): "file /run/token",
		secret.Env("TOKEN"):       "environment variable TOKEN",
		{}:                        "no source",
	}
	for source, text := range want {
		if got := source.String(); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if !(secret.Source{}).IsZero() || secret.Env("TOKEN").IsZero() {
		t.Error("only the zero Source is zero")
	}
}
