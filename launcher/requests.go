package main

import (
	"bytes"
	"strconv"
)

const (
	protocol        = "agentservice-launcher/1"
	maxMessageBytes = 4 << 20
	nonceLength     = 32
	maxLineBytes    = 128 // longer than any request's line
)

// request is one thing asked for on standard input. What it holds is the reader's to wipe.
type request interface{ request() }

// startRequest brings the message that the agent is started with.
type startRequest struct{ body []byte }

// statusRequest asks how the agent is.
type statusRequest struct{ nonce string }

// badRequest is anything else.
type badRequest struct{ why reason }

func (startRequest) request()  {}
func (statusRequest) request() {}
func (badRequest) request()    {}

// requests cuts standard input into requests, however the bytes happen to arrive.
type requests struct {
	line    []byte
	tooLong bool   // the rest of the line is dropped
	body    []byte // as long as announced, nil between requests
	filled  int
}

// feed takes what has arrived and returns the requests that are complete by it. It keeps no reference to arrived.
func (r *requests) feed(arrived []byte) (complete []request) {
	for len(arrived) > 0 {
		if r.body != nil {
			copied := copy(r.body[r.filled:], arrived)
			r.filled += copied
			arrived = arrived[copied:]
			if r.filled == len(r.body) {
				complete = append(complete, startRequest{r.body})
				r.body, r.filled = nil, 0
			}
			continue
		}
		head, rest, ended := bytes.Cut(arrived, []byte("\n"))
		arrived = rest
		if r.tooLong = r.tooLong || len(r.line)+len(head) > maxLineBytes; !r.tooLong {
			r.line = append(r.line, head...)
		}
		if ended {
			if asked := r.endLine(); asked != nil {
				complete = append(complete, asked)
			}
		}
	}
	return complete
}

// inside says whether a request has begun and not ended.
func (r *requests) inside() bool {
	return r.body != nil || len(r.line) > 0 || r.tooLong
}

// drop forgets a request that will not be completed.
func (r *requests) drop() {
	clear(r.body)
	clear(r.line)
	*r = requests{line: r.line[:0]}
}

// endLine returns the request that the line is, or nil where a body has to follow.
func (r *requests) endLine() request {
	line := r.line
	defer func() {
		clear(line) // part of a message that was sent wrongly may be in here
		r.line, r.tooLong = line[:0], false
	}()
	if r.tooLong {
		return badRequest{unknownRequest}
	}
	asked, ours := bytes.CutPrefix(line, []byte(protocol+" "))
	if length, ok := bytes.CutPrefix(asked, []byte("start ")); ours && ok && isLength(length) {
		announced, err := strconv.Atoi(string(length))
		if err != nil || announced > maxMessageBytes {
			return badRequest{messageTooLarge}
		}
		r.body = make([]byte, announced)
		return nil
	}
	if nonce, ok := bytes.CutPrefix(asked, []byte("status ")); ours && ok && isNonce(nonce) {
		return statusRequest{string(nonce)}
	}
	return badRequest{unknownRequest}
}

func isLength(text []byte) bool {
	return len(text) > 0 && text[0] != '0' && !bytes.ContainsFunc(text, func(c rune) bool { return c < '0' || c > '9' })
}

func isNonce(text []byte) bool {
	return len(text) == nonceLength &&
		!bytes.ContainsFunc(text, func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') })
}
