package jira

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"strings"
)

// tokenAge is for how long, in seconds, a token for the next page is good.
const tokenAge = 7 * 24 * 60 * 60

// cursor is where a list goes on, and of which moment it is.
type cursor struct {
	offset int
	at     int64 // Seconds since 1970.
}

// sign makes a token of a cursor. It fits one question only.
func (c cursor) sign(question string) string {
	text := fmt.Sprintf("%d:%d", c.offset, c.at)
	return base64.RawURLEncoding.EncodeToString([]byte(text + ":" + sum(text+question)))
}

func sum(text string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(text))) }

// readToken reads the token that sign made for a question; an empty one begins
// the list now.
func readToken(token, question string, now int64) (cursor, error) {
	if token == "" {
		return cursor{at: now}, nil
	}
	wrong := invalid("The next page token is invalid or has expired.")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return cursor{}, wrong
	}
	text := string(raw)
	last := strings.LastIndexByte(text, ':')
	if last < 0 || text[last+1:] != sum(text[:last]+question) {
		return cursor{}, wrong
	}
	var c cursor
	if n, err := fmt.Sscanf(text[:last], "%d:%d", &c.offset, &c.at); err != nil || n != 2 {
		return cursor{}, wrong
	}
	if c.offset < 0 || c.at > now || c.at < now-tokenAge {
		return cursor{}, wrong
	}
	return c, nil
}
