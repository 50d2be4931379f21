package main

import "time"

// restartPolicy says how an agent that ended is started again.
type restartPolicy struct {
	first, longest time.Duration // waited before the first restart of a row, and at most
	steady         time.Duration // an agent that ran this long begins a new row
	most           int           // restarts in a row
}

var restarting = restartPolicy{first: 100 * time.Millisecond, longest: 10 * time.Second, steady: time.Minute, most: 10}

// next returns how long to wait before the restart after the given number of them in a row, and the number to remember; or
// that there is none any more.
func (p restartPolicy) next(row int, ran time.Duration) (wait time.Duration, newRow int, again bool) {
	if ran >= p.steady {
		row = 0
	}
	if row >= p.most {
		return 0, row, false
	}
	return min(p.first<<row, p.longest), row + 1, true
}
