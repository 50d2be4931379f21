package main

import "testing"

func TestAnswer(t *testing.T) {
	for question, want := range map[string]string{
		"what is 6*7?":            "6 * 7 = 42",
		"2 + -3":                  "2 + -3 = -1",
		"0.1+0.2 please":          "0.1 + 0.2 = 0.3",
		"10/4":                    "10 / 4 = 2.5",
		"1/3":                     "1 / 3 is about 0.333333",
		"1/0":                     "Nobody can divide by zero.",
		"99999999999999999999 *2": "99999999999999999999 * 2 = 199999999999999999998",
		"Which model are you?":    "I run on toy-1.",
		"How are you?":            `You asked "How are you?". I am only an example, but I can calculate: try "what is 6*7?".`,
	} {
		if got := answer(question, "toy-1"); got != want {
			t.Errorf("%s: got %q, want %q", question, got, want)
		}
	}
}

func TestAnswerWithoutModel(t *testing.T) {
	want := `You asked "which model?". I am only an example, but I can calculate: try "what is 6*7?".`
	if got := answer("which model?", ""); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
