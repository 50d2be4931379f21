package main

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// maxEntryBytes is what Linux takes as one NAME=VALUE, without the NUL behind it.
const maxEntryBytes = 128<<10 - 1

// message is what the agent is started with. Its env is one block of NAME=VALUE entries, each with a NUL behind it: the bytes
// that the agent's process is given, in one place, so that they can be wiped.
type message struct {
	nonce string
	env   []byte
}

func (m message) wipe() { clear(m.env) }

// decode reads {"nonce": "...", "env": {"NAME": "value", ...}}. encoding/json would leave copies of the values behind in memory
// that nobody can reach to wipe; here each byte of a value is written once, to the message's env. Where the message is not
// taken, its nonce is returned as far as it was understood, and body and env are wiped.
func decode(body []byte) (message, reason) {
	// Decoding makes nothing longer, so this never grows, which would leave a copy.
	d := decoder{in: body, out: make([]byte, 0, len(body)), names: map[string]bool{}}
	why := d.message()
	clear(body)
	if why != "" {
		clear(d.out[:cap(d.out)])
		return message{nonce: d.nonce}, why
	}
	return message{d.nonce, d.out}, ""
}

type decoder struct {
	in    []byte // what is still to be read
	out   []byte
	nonce string
	names map[string]bool
}

func (d *decoder) message() reason {
	if !utf8.Valid(d.in) {
		return messageMalformed
	}
	envSeen := false
	why := d.object(func() reason {
		switch key, ok := d.word(); {
		case !ok || !d.next(':'):
			return messageMalformed
		case key == "nonce" && d.nonce == "":
			if nonce, ok := d.word(); ok && isNonce([]byte(nonce)) {
				d.nonce = nonce
				return ""
			}
			return nonceInvalid
		case key == "env" && !envSeen:
			envSeen = true
			return d.object(d.entry)
		}
		return messageMalformed
	})
	d.space()
	switch {
	case why != "":
		return why
	case len(d.in) > 0 || !envSeen:
		return messageMalformed
	case d.nonce == "":
		return nonceInvalid
	}
	return ""
}

// entry appends one NAME=VALUE to the env.
func (d *decoder) entry() reason {
	start := len(d.out)
	name, ok := d.word()
	switch {
	case !ok || !d.next(':'):
		return messageMalformed
	case !isName(name) || d.names[name]:
		return nameInvalid
	}
	d.names[name] = true
	d.out = append(append(d.out, name...), '=')
	value := len(d.out)
	switch {
	case !d.text():
		return messageMalformed
	case len(d.out)-start > maxEntryBytes || bytes.IndexByte(d.out[value:], 0) >= 0:
		return valueInvalid
	}
	d.out = append(d.out, 0)
	return ""
}

// isName follows Kubernetes: printable ASCII without the equals sign.
func isName(name string) bool {
	for _, c := range []byte(name) {
		if c < ' ' || c > '~' || c == '=' {
			return false
		}
	}
	return name != ""
}

// object reads an object, each of its members by a call of member.
func (d *decoder) object(member func() reason) reason {
	if !d.next('{') {
		return messageMalformed
	}
	if d.next('}') {
		return ""
	}
	for {
		if why := member(); why != "" {
			return why
		}
		if d.next('}') {
			return ""
		}
		if !d.next(',') {
			return messageMalformed
		}
	}
}

// word reads a string that is no secret.
func (d *decoder) word() (word string, ok bool) {
	start := len(d.out)
	ok = d.text()
	word = string(d.out[start:])
	d.out = d.out[:start]
	return word, ok
}

// text reads a string and appends what it means.
func (d *decoder) text() bool {
	if !d.next('"') {
		return false
	}
	for len(d.in) > 0 {
		c := d.in[0]
		d.in = d.in[1:]
		switch {
		case c == '"':
			return true
		case c == '\\':
			if !d.escape() {
				return false
			}
		case c < ' ':
			return false
		default:
			d.out = append(d.out, c)
		}
	}
	return false
}

const (
	escapes  = `"\/bfnrt`
	meanings = "\"\\/\b\f\n\r\t"
)

func (d *decoder) escape() bool {
	if len(d.in) == 0 {
		return false
	}
	c := d.in[0]
	d.in = d.in[1:]
	if which := bytes.IndexByte([]byte(escapes), c); which >= 0 {
		d.out = append(d.out, meanings[which])
		return true
	}
	if c != 'u' {
		return false
	}
	unit, ok := d.hex()
	if ok && utf16.IsSurrogate(unit) {
		var second rune
		if !bytes.HasPrefix(d.in, []byte(`\u`)) {
			return false
		}
		d.in = d.in[2:]
		second, ok = d.hex()
		unit = utf16.DecodeRune(unit, second)
		ok = ok && unit != utf8.RuneError // half a character
	}
	d.out = utf8.AppendRune(d.out, unit)
	return ok
}

func (d *decoder) hex() (unit rune, ok bool) {
	if len(d.in) < 4 {
		return 0, false
	}
	for _, c := range d.in[:4] {
		switch {
		case '0' <= c && c <= '9':
			unit = unit<<4 + rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			unit = unit<<4 + rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	d.in = d.in[4:]
	return unit, true
}

// next skips white space, and the given character if that is what comes.
func (d *decoder) next(c byte) bool {
	d.space()
	if len(d.in) == 0 || d.in[0] != c {
		return false
	}
	d.in = d.in[1:]
	return true
}

func (d *decoder) space() {
	d.in = bytes.TrimLeft(d.in, " \t\r\n")
}
