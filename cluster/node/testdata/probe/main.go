// What the cluster test runs in a pod: a server, and a few looks at the network from inside.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	var err error
	switch os.Args[1] {
	case "serve":
		fmt.Println("serving")
		err = http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "hello from the probe")
		}))
	case "lookup":
		var found []string
		found, err = net.LookupHost(os.Args[2])
		fmt.Println(found)
	case "dial":
		_, err = net.DialTimeout("tcp", os.Args[2], 5*time.Second)
	case "eat":
		var eaten [][]byte
		for {
			bite := make([]byte, 1<<20)
			for i := range bite {
				bite[i] = 1
			}
			eaten = append(eaten, bite)
			fmt.Println(len(eaten), "MiB")
		}
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
