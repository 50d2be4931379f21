package main

import "syscall"

const (
	prSetDumpable       = 4
	prSetChildSubreaper = 36
)

// hide keeps other processes of the same user from reading this one's memory, descriptors and /proc/PID/environ, and the
// kernel from writing it to a file. What is executed from here gets its own, readable again, memory; it keeps the core limit.
func hide() error {
	if err := prctl(prSetDumpable, 0); err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		return err
	}
	limit.Cur = 0 // an agent that wants its cores may raise it again
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}

// adoptOrphans makes the launcher what process 1 is, where it is not process 1: pods with one process namespace.
func adoptOrphans() error {
	return prctl(prSetChildSubreaper, 1)
}

func prctl(option, value uintptr) error {
	if _, _, failed := syscall.Syscall6(syscall.SYS_PRCTL, option, value, 0, 0, 0, 0); failed != 0 {
		return failed
	}
	return nil
}
