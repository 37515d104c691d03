package apiclient

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// heldBody is the body of an answer that is in memory already.
type heldBody struct {
	*bytes.Reader

	whole []byte
}

func hold(whole []byte) *heldBody { return &heldBody{bytes.NewReader(whole), whole} }

// Close implements io.Closer. It has nothing to do.
func (*heldBody) Close() error { return nil }

// wholeBody reads a body, and copies nothing that is in memory and was not read by
// anybody.
func wholeBody(body io.ReadCloser) ([]byte, error) {
	if held, ok := body.(*heldBody); ok && held.Len() == len(held.whole) {
		return held.whole, nil
	}
	text, err := io.ReadAll(body)
	if closeErr := body.Close(); err == nil {
		err = closeErr
	}
	return text, err
}

// buffers are where bodies grow. Bodies of lists are much of all the memory that a
// cycle ever asks for; so each takes as much as it needs, and nothing on the way there.
type buffers struct{ pool sync.Pool }

func (b *buffers) read(body io.Reader, limit int64) ([]byte, error) {
	buffer, ok := b.pool.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer b.pool.Put(buffer)
	buffer.Reset()
	if _, err := buffer.ReadFrom(io.LimitReader(body, limit+1)); err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	if int64(buffer.Len()) > limit {
		return nil, &tooLargeError{limit: limit}
	}
	return bytes.Clone(buffer.Bytes()), nil
}
