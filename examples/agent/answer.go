package main

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

const shownDecimals = 6

var calculation = regexp.MustCompile(`(-?\d+(?:\.\d+)?)\s*([-+*/])\s*(-?\d+(?:\.\d+)?)`)

// answer is deterministic, so that a test can know what comes.
func answer(question, model string) string {
	if found := calculation.FindStringSubmatch(question); found != nil {
		return calculate(found[1], found[2], found[3])
	}
	if model != "" && strings.Contains(strings.ToLower(question), "model") {
		return fmt.Sprintf("I run on %s.", model)
	}
	return fmt.Sprintf("You asked %q. I am only an example, but I can calculate: try \"what is 6*7?\".", question)
}

func calculate(left, operator, right string) string {
	a, _ := new(big.Rat).SetString(left) // cannot fail: the pattern allows decimal numbers only
	b, _ := new(big.Rat).SetString(right)
	result := new(big.Rat)
	switch operator {
	case "+":
		result.Add(a, b)
	case "-":
		result.Sub(a, b)
	case "*":
		result.Mul(a, b)
	case "/":
		if b.Sign() == 0 {
			return "Nobody can divide by zero."
		}
		result.Quo(a, b)
	}
	if decimals, exact := result.FloatPrec(); exact && decimals <= shownDecimals {
		return fmt.Sprintf("%s %s %s = %s", left, operator, right, result.FloatString(decimals))
	}
	return fmt.Sprintf("%s %s %s is about %s", left, operator, right, result.FloatString(shownDecimals))
}
