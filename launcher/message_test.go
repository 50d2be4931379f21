package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecode(t *testing.T) {
	const head = `{"nonce":"` + nonce + `","env":`
	for name, test := range map[string]struct {
		body, env string
		why       reason
	}{
		"empty env":          {head + `{}}`, "", ""},
		"two":                {head + `{"A":"1","B":"two words"}}`, "A=1\x00B=two words\x00", ""},
		"empty value":        {head + `{"A":""}}`, "A=\x00", ""},
		"other order":        {`{"env":{"A":"1"},"nonce":"` + nonce + `"}`, "A=1\x00", ""},
		"white space":        {" {\n\"nonce\" : \"" + nonce + "\" ,\t\"env\" : { \"A\" : \"1\" } }\r\n", "A=1\x00", ""},
		"equals sign":        {head + `{"A":"b=c"}}`, "A=b=c\x00", ""},
		"escapes":            {head + `{"A":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC"}}`, "A=\"\\/\b\f\n\r\tAé€\x00", ""},
		"surrogates":         {head + `{"A":"\uD83D\uDE00"}}`, "A=😀\x00", ""},
		"escaped name":       {head + `{"\u0041":"1"}}`, "A=1\x00", ""},
		"name with a dot":    {head + `{"a.b-c":"1"}}`, "a.b-c=1\x00", ""},
		"longest entry":      {head + `{"A":"` + strings.Repeat("x", maxEntryBytes-2) + `"}}`, "A=" + strings.Repeat("x", maxEntryBytes-2) + "\x00", ""},
		"longer entry":       {head + `{"A":"` + strings.Repeat("x", maxEntryBytes-1) + `"}}`, "", valueInvalid},
		"NUL":                {head + `{"A":"\u0000"}}`, "", valueInvalid},
		"NUL in a name":      {head + `{"A\u0000":"1"}}`, "", nameInvalid},
		"empty name":         {head + `{"":"1"}}`, "", nameInvalid},
		"equals in a name":   {head + `{"A=B":"1"}}`, "", nameInvalid},
		"name not ASCII":     {head + `{"é":"1"}}`, "", nameInvalid},
		"name twice":         {head + `{"A":"1","\u0041":"2"}}`, "", nameInvalid},
		"half a surrogate":   {head + `{"A":"\uD83D"}}`, "", messageMalformed},
		"surrogate and not":  {head + `{"A":"\uD83D\u0041"}}`, "", messageMalformed},
		"second half first":  {head + `{"A":"\uDE00\uD83D"}}`, "", messageMalformed},
		"bad escape":         {head + `{"A":"\x41"}}`, "", messageMalformed},
		"cut escape":         {head + `{"A":"\u00`, "", messageMalformed},
		"raw line end":       {head + "{\"A\":\"a\nb\"}}", "", messageMalformed},
		"not UTF-8":          {head + "{\"A\":\"\xff\"}}", "", messageMalformed},
		"number":             {head + `{"A":1}}`, "", messageMalformed},
		"null":               {head + `null}`, "", messageMalformed},
		"list":               {head + `["A"]}`, "", messageMalformed},
		"trailing comma":     {head + `{"A":"1",}}`, "", messageMalformed},
		"something behind":   {head + `{}} {}`, "", messageMalformed},
		"not closed":         {head + `{}`, "", messageMalformed},
		"unknown member":     {head + `{},"more":"1"}`, "", messageMalformed},
		"other case":         {`{"Nonce":"` + nonce + `","env":{}}`, "", messageMalformed},
		"env twice":          {head + `{},"env":{}}`, "", messageMalformed},
		"no env":             {`{"nonce":"` + nonce + `"}`, "", messageMalformed},
		"no nonce":           {`{"env":{}}`, "", nonceInvalid},
		"short nonce":        {`{"nonce":"` + nonce[1:] + `","env":{}}`, "", nonceInvalid},
		"nonce no letters":   {`{"nonce":"` + strings.Repeat("-", nonceLength) + `","env":{}}`, "", nonceInvalid},
		"nothing":            {``, "", messageMalformed},
		"another launcher's": {protocol + " start 2", "", messageMalformed},
	} {
		body := []byte(test.body)
		got, why := decode(body)
		if string(got.env) != test.env || why != test.why {
			t.Errorf("%s: got %.50q %s, want %.50q %s", name, got.env, why, test.env, test.why)
		}
		if why == "" && got.nonce != nonce {
			t.Errorf("%s: nonce %s", name, got.nonce)
		}
		if bytes.ContainsFunc(body, func(c rune) bool { return c != 0 }) {
			t.Errorf("%s: the body was not wiped", name)
		}
	}
}

func TestRefusedMessageKeepsItsNonce(t *testing.T) {
	if got, why := decode([]byte(`{"nonce":"` + nonce + `","env":{"A=":"1"}}`)); got.nonce != nonce || why != nameInvalid {
		t.Errorf("got %q %s", got.nonce, why)
	}
}

// Whatever is taken is what encoding/json reads in it, in one piece of memory; whatever encoding/json refuses is refused.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"nonce":"` + nonce + `","env":{"A":"1","B":"\u00e9\uD83D\uDE00"}}`,
		` { "env" : { } , "nonce" : "` + nonce + `" } `,
		`{"nonce":"` + nonce + `","env":{"A":"\ud800"}}`,
		`{"env":{"A":"\/\b"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		original := bytes.Clone(body)
		got, why := decode(body)
		var want struct {
			Nonce string
			Env   map[string]string
		}
		strict := json.NewDecoder(bytes.NewReader(original))
		strict.DisallowUnknownFields()
		err := strict.Decode(&want)
		if why != "" {
			if got.env != nil {
				t.Error("a refused message has an env")
			}
			return
		}
		if err != nil {
			t.Fatalf("taken, while encoding/json says: %v", err)
		}
		if cap(got.env) != len(original) {
			t.Errorf("the env has room for %d, the body has %d: it was copied", cap(got.env), len(original))
		}
		if got.nonce != want.Nonce || !utf8.Valid(got.env) {
			t.Errorf("nonce %q, want %q", got.nonce, want.Nonce)
		}
		var entries, wanted []string
		for entry := range bytes.SplitAfterSeq(got.env, []byte{0}) {
			if len(entry) > 0 {
				entries = append(entries, string(entry))
			}
		}
		for name, value := range want.Env {
			wanted = append(wanted, name+"="+value+"\x00")
		}
		slices.Sort(entries)
		slices.Sort(wanted)
		if !slices.Equal(entries, wanted) {
			t.Errorf("got %q, want %q", entries, wanted)
		}
	})
}
