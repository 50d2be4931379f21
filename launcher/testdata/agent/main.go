// Command agent does what tests of the launcher want of an agent: each argument is one step.
package main

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	fmt.Printf("agent: process %d\n", os.Getpid())
	for _, step := range os.Args[1:] {
		name, argument, _ := strings.Cut(step, "=")
		steps[name](argument)
	}
}

var steps = map[string]func(argument string){
	"print": func(text string) { fmt.Println(text) },
	"write": func(text string) { fmt.Print(text) },
	"exit": func(code string) {
		number, _ := strconv.Atoi(code)
		os.Exit(number)
	},
	"kill": func(string) { syscall.Kill(os.Getpid(), syscall.SIGKILL) },
	"killother": func(process string) {
		number, _ := strconv.Atoi(process)
		syscall.Kill(number, syscall.SIGKILL)
	},
	"digest": func(name string) { fmt.Printf("agent: %s is %x\n", name, sha256.Sum256([]byte(os.Getenv(name)))) },
	"stdin": func(string) {
		count, err := os.Stdin.Read(make([]byte, 1))
		fmt.Printf("agent: stdin %d %v\n", count, err)
	},
	// signals answers what it gets; TERM ends it with 7.
	"signals": func(string) {
		received := make(chan os.Signal, 8)
		signal.Notify(received, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGQUIT)
		fmt.Println("agent: listening to signals")
		for one := range received {
			fmt.Printf("agent: got %v\n", one)
			if one == syscall.SIGTERM {
				os.Exit(7)
			}
		}
	},
	"orphan": func(step string) {
		parent := exec.Command(os.Args[0], "child="+step)
		parent.Stdout = os.Stdout
		parent.Run()
	},
	"child": func(step string) {
		child := exec.Command(os.Args[0], strings.Replace(step, ":", "=", 1))
		child.Stdout = os.Stdout
		child.Start()
	},
	"sleep": func(text string) {
		length, _ := time.ParseDuration(text)
		time.Sleep(length)
	},
	"flood": func(string) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
		for {
			fmt.Println(strings.Repeat("x", 4000))
		}
	},
	// listen answers /healthz by what the last call of /set?status= said.
	"listen": func(address string) {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			fmt.Println("agent:", err)
			os.Exit(99)
		}
		var status = http.StatusOK
		mux := http.NewServeMux()
		mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		signalled := make(chan os.Signal, 1)
		signal.Notify(signalled, syscall.SIGUSR1)
		go func() {
			<-signalled
			status = http.StatusInternalServerError
			fmt.Println("agent: unhealthy from now on")
		}()
		http.Serve(listener, mux)
	},
	"get": func(address string) {
		client := http.Client{Timeout: 10 * time.Second}
		answer, err := client.Get("http://" + address + "/")
		if err != nil {
			os.Exit(1)
		}
		fmt.Printf("status %d\n", answer.StatusCode)
	},
	// snoop looks for an env value of its own everywhere a process of the same user might.
	"snoop": func(name string) {
		word := os.Getenv(name)
		for _, place := range []string{"/proc/1/environ", "/proc/1/mem", "/proc/1/maps", "/proc/1/fd/0", "/proc/1/cwd/."} {
			file, err := os.Open(place)
			if err == nil {
				content := make([]byte, 1<<16)
				count, _ := file.Read(content)
				fmt.Printf("agent: %s can be read: %t\n", place, strings.Contains(string(content[:count]), word))
			}
		}
		if err := syscall.PtraceAttach(1); err == nil {
			fmt.Println("agent: process 1 can be traced")
		}
		fmt.Println("agent: looked around")
	},
}
