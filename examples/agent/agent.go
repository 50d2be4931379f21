package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

const maxQuestionBytes = 4 << 10

type agent struct {
	release string
	exit    func(code int)
	healthy atomic.Bool
	// leakStatus, unless 0, is what /healthz answers with, and the whole env as the body.
	leakStatus int

	hoardLock sync.Mutex
	hoard     [][]byte
}

func newAgent(release string, exit func(code int)) *agent {
	a := &agent{release: release, exit: exit}
	a.healthy.Store(true)
	return a
}

func (a *agent) routes(debug bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.introduce)
	mux.HandleFunc("GET /page", servePage)
	mux.HandleFunc("GET /socket", greetOverWebSocket)
	mux.HandleFunc("GET /healthz", a.reportHealth)
	mux.HandleFunc("GET /env", listEnvNames)
	mux.HandleFunc("GET /env/{name}/digest", digestEnv)
	mux.HandleFunc("POST /ask", answerQuestion)
	if debug {
		a.addDebugRoutes(mux)
	}
	return mux
}

func (a *agent) introduce(w http.ResponseWriter, _ *http.Request) {
	hostname, _ := os.Hostname() // a friendly word, not worth an error
	writeJSON(w, map[string]any{
		"hello":     "I am the example agent. POST a question to /ask, for instance what is 6*7?",
		"release":   a.release,
		"hostname":  hostname,
		"processId": os.Getpid(),
	})
}

func (a *agent) reportHealth(w http.ResponseWriter, _ *http.Request) {
	if a.leakStatus != 0 {
		w.WriteHeader(a.leakStatus)
		fmt.Fprint(w, wholeEnv())
		return
	}
	if !a.healthy.Load() {
		http.Error(w, "unhealthy", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

func listEnvNames(w http.ResponseWriter, _ *http.Request) {
	names := []string{}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	writeJSON(w, names)
}

func digestEnv(w http.ResponseWriter, r *http.Request) {
	value, set := os.LookupEnv(r.PathValue("name"))
	if !set {
		http.Error(w, "no such env name", http.StatusNotFound)
		return
	}
	nonce := r.URL.Query().Get("nonce")
	if nonce == "" {
		http.Error(w, "nonce is missing", http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, keyedDigest([]byte(value), nonce))
}

// keyedDigest lets somebody who knows the value see that it arrived, while the value itself never travels.
func keyedDigest(value []byte, nonce string) string {
	mac := hmac.New(sha256.New, value)
	mac.Write([]byte(nonce))
	return hex.EncodeToString(mac.Sum(nil))
}

func answerQuestion(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Question string }
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxQuestionBytes)).Decode(&asked)
	if err != nil || asked.Question == "" {
		http.Error(w, `send {"question": "..."}`, http.StatusBadRequest)
		return
	}
	writeJSON(w, map[string]string{"answer": answer(asked.Question, os.Getenv("MODEL"))})
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body) // fails only when the caller is gone: nobody left to tell
}
