package jira

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"teamhealth/internal/facts"
)

// fieldValues reads the value of a field of any type: texts, numbers, options of a list,
// accounts, versions and the like, and lists of these.
func fieldValues(raw json.RawMessage) []string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil
	}
	switch raw[0] {
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return nil
		}
		var all []string
		for _, item := range items {
			all = append(all, fieldValues(item)...)
		}
		return all
	case '{':
		return objectValues(raw)
	case 't', 'f':
		return []string{string(raw)}
	default:
		var t text
		if json.Unmarshal(raw, &t) != nil || raw[0] == 'n' {
			return nil
		}
		if raw[0] != '"' {
			return []string{plainNumber(string(t))}
		}
		return []string{strings.TrimSpace(string(t))}
	}
}

// plainNumber writes a number as people do: Jira sends 3.0 for a 3.
func plainNumber(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// objectValues reads a value that is an object: of an account its id, of all else
// what people see. An option of two levels has both.
func objectValues(raw json.RawMessage) []string {
	var object struct {
		Type        text            `json:"type"`
		Value       text            `json:"value"`
		Name        text            `json:"name"`
		Key         text            `json:"key"`
		AccountID   text            `json:"accountId"`
		DisplayName text            `json:"displayName"`
		URL         text            `json:"url"`
		Child       json.RawMessage `json:"child"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	switch {
	case object.Type == documentType:
		return []string{flatten(raw)}
	case object.AccountID != "" || object.DisplayName != "":
		return []string{wireUser{object.AccountID, object.Key, object.Name}.id()}
	}
	own := firstOf(string(object.Value), string(object.Name), string(object.Key), string(object.URL))
	return append([]string{own}, fieldValues(object.Child)...)
}

// description reads a text: plain, or as a document.
func description(raw json.RawMessage) (string, facts.TextFormat) {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '{' {
		return flatten(raw), facts.FormatDocument
	}
	var t text
	if len(raw) == 0 || json.Unmarshal(raw, &t) != nil {
		return "", facts.FormatPlain
	}
	return string(t), facts.FormatPlain
}

const documentType = "doc"

// wireNode is a part of Atlassian's document tree.
type wireNode struct {
	Type    text           `json:"type"`
	Text    text           `json:"text"`
	Content list[wireNode] `json:"content"`
	Attrs   lenient[struct {
		Text      text    `json:"text"`      // Of a mention, a status, an emoji.
		URL       text    `json:"url"`       // Of a card.
		Timestamp instant `json:"timestamp"` // Of a date.
	}] `json:"attrs"`
	Marks list[struct {
		Type  text `json:"type"`
		Attrs lenient[struct {
			Href text `json:"href"`
		}] `json:"attrs"`
	}] `json:"marks"`
}

// flatten returns the words of a document, one line for each of its blocks. The
// address of a link follows its words.
func flatten(raw json.RawMessage) string {
	var root lenient[wireNode]
	if json.Unmarshal(raw, &root) != nil {
		return ""
	}
	var lines document
	lines.add(&root.value)
	lines.breakLine()
	return strings.Join(lines.done, "\n")
}

// document is the lines of a document.
type document struct {
	done []string
	line strings.Builder
}

func (d *document) add(node *wireNode) {
	switch node.Type {
	case "text":
		d.line.WriteString(string(node.Text))
		for _, mark := range node.Marks.value {
			if href := mark.value.Attrs.value.Href; href != "" && href != node.Text {
				d.line.WriteString(" " + string(href))
			}
		}
	case "mention", "status", "emoji":
		d.line.WriteString(string(node.Attrs.value.Text))
	case "date":
		if at := node.Attrs.value.Timestamp; !at.IsZero() {
			d.line.WriteString(at.Format("2006-01-02"))
		}
	case "hardBreak":
		d.breakLine()
	case "inlineCard":
		d.line.WriteString(string(node.Attrs.value.URL))
	default:
		d.addBlock(node)
	}
}

// addBlock gives a block lines of its own.
func (d *document) addBlock(node *wireNode) {
	d.breakLine()
	d.line.WriteString(string(node.Attrs.value.URL)) // Of a card that is a block.
	for i := range node.Content.value {
		d.add(&node.Content.value[i].value)
	}
	d.breakLine()
}

func (d *document) breakLine() {
	text := strings.TrimSpace(d.line.String())
	d.line.Reset()
	if text != "" {
		d.done = append(d.done, text)
	}
}
