package jira

import (
	"regexp"
	"strings"
)

// node is a node of a document's tree.
type node struct {
	Type    string         `json:"type"`
	Version int            `json:"version,omitempty"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Text    string         `json:"text,omitempty"`
	Marks   []node         `json:"marks,omitempty"`
	Content []node         `json:"content,omitempty"`
}

var (
	heading = regexp.MustCompile(`^(?:h([1-6])\. |(#{2,6}) )(.+)$`)
	point   = regexp.MustCompile(`^[*#-] (.+)$`)
	strong  = regexp.MustCompile(`^\*([^*]+)\*$`)
	link    = regexp.MustCompile(`https?://\S+`)
)

// document turns wiki markup or Markdown, as far as the tickets use them, into
// a document's tree. Addresses become cards.
func document(text string) node {
	root := node{Type: "doc", Version: 1, Content: []node{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if match := point.FindStringSubmatch(line); match != nil {
			root.addPoint(match[1])
			continue
		}
		root.Content = append(root.Content, block(line))
	}
	return root
}

// addPoint adds a point to the list that the document ends with, or to a new one.
func (n *node) addPoint(text string) {
	if last := len(n.Content) - 1; last < 0 || n.Content[last].Type != "bulletList" {
		n.Content = append(n.Content, node{Type: "bulletList"})
	}
	list := &n.Content[len(n.Content)-1]
	list.Content = append(list.Content, node{Type: "listItem", Content: []node{block(text)}})
}

// block is a heading or a paragraph.
func block(line string) node {
	if match := heading.FindStringSubmatch(line); match != nil {
		level := len(match[2])
		if match[1] != "" {
			level = int(match[1][0] - '0')
		}
		return node{Type: "heading", Attrs: map[string]any{"level": level}, Content: []node{{Type: "text", Text: match[3]}}}
	}
	if match := strong.FindStringSubmatch(line); match != nil {
		return node{Type: "paragraph", Content: []node{{Type: "text", Text: match[1], Marks: []node{{Type: "strong"}}}}}
	}
	paragraph := node{Type: "paragraph"}
	at := 0
	for _, found := range link.FindAllStringIndex(line, -1) {
		paragraph.addText(line[at:found[0]])
		paragraph.Content = append(paragraph.Content, node{Type: "inlineCard", Attrs: map[string]any{"url": line[found[0]:found[1]]}})
		at = found[1]
	}
	paragraph.addText(line[at:])
	return paragraph
}

func (n *node) addText(text string) {
	if text != "" {
		n.Content = append(n.Content, node{Type: "text", Text: text})
	}
}
