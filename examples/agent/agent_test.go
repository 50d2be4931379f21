package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// From `printf nonce-1 | openssl dgst -sha256 -hmac hunter2`.
const digestOfHunter2 = "5bc2fb08326bcd4df7ee4fa91f1d71293414ee4d37150a7799195326c65d6dcd"

func call(routes http.Handler, method, target, body string) (status int, answer string) {
	recorder := httptest.NewRecorder()
	routes.ServeHTTP(recorder, httptest.NewRequest(method, target, strings.NewReader(body)))
	return recorder.Code, strings.TrimSpace(recorder.Body.String())
}

func TestRoutes(t *testing.T) {
	t.Setenv("API_TOKEN", "hunter2")
	t.Setenv("MODEL", "toy-1")
	routes := newAgent("one", nil).routes(false)
	for _, test := range []struct {
		method, target, body string
		status               int
		contains             string
	}{
		{"GET", "/", "", 200, `"release":"one"`},
		{"GET", "/elsewhere", "", 404, ""},
		{"GET", "/page", "", 200, "<title>"},
		{"GET", "/socket", "", 426, "WebSocket"},
		{"GET", "/debug/request", "", 404, ""},
		{"GET", "/healthz", "", 200, "ok"},
		{"GET", "/env", "", 200, `"API_TOKEN"`},
		{"GET", "/env/API_TOKEN/digest?nonce=nonce-1", "", 200, digestOfHunter2},
		{"GET", "/env/API_TOKEN/digest", "", 400, "nonce is missing"},
		{"GET", "/env/NEVER_SET/digest?nonce=nonce-1", "", 404, "no such env name"},
		{"POST", "/ask", `{"question": "what is 6*7?"}`, 200, `{"answer":"6 * 7 = 42"}`},
		{"POST", "/ask", `{"question": "which model?"}`, 200, "toy-1"},
		{"POST", "/ask", `{}`, 400, "question"},
		{"POST", "/ask", `what is 6*7?`, 400, "question"},
		{"POST", "/ask", `{"question": "` + strings.Repeat("a", maxQuestionBytes) + `"}`, 400, "question"},
		{"GET", "/ask", "", 405, ""},
		{"POST", "/debug/exit?code=1", "", 404, ""},
	} {
		status, answer := call(routes, test.method, test.target, test.body)
		if status != test.status || !strings.Contains(answer, test.contains) {
			t.Errorf("%s %s: got %d %s, want %d with %s", test.method, test.target, status, answer, test.status, test.contains)
		}
		if strings.Contains(answer, "hunter2") {
			t.Errorf("%s %s shows an env value", test.method, test.target)
		}
	}
}

func TestDebugRoutes(t *testing.T) {
	exitedWith := -1
	routes := newAgent("one", func(code int) { exitedWith = code }).routes(true)
	for _, test := range []struct {
		method, target string
		status         int
		contains       string
	}{
		{"POST", "/debug/healthy?value=false", 200, ""},
		{"GET", "/healthz", 503, "unhealthy"},
		{"POST", "/debug/healthy?value=perhaps", 400, "true or false"},
		{"POST", "/debug/healthy?value=true", 200, ""},
		{"GET", "/healthz", 200, "ok"},
		{"POST", "/debug/allocate?mib=2", 200, "holding 2 MiB"},
		{"POST", "/debug/allocate?mib=1", 200, "holding 3 MiB"},
		{"POST", "/debug/allocate?mib=-1", 400, "65535"},
		{"POST", "/debug/exit?code=256", 400, "255"},
		{"POST", "/debug/exit?code=7", 200, ""},
	} {
		status, answer := call(routes, test.method, test.target, "")
		if status != test.status || !strings.Contains(answer, test.contains) {
			t.Errorf("%s %s: got %d %s, want %d with %s", test.method, test.target, status, answer, test.status, test.contains)
		}
	}
	if exitedWith != 7 {
		t.Errorf("exit code is %d, want 7", exitedWith)
	}
}

func TestLeakInHealthz(t *testing.T) {
	t.Setenv("API_TOKEN", "hunter2")
	leaky := newAgent("one", nil)
	leaky.leakStatus = http.StatusInternalServerError
	status, answer := call(leaky.routes(false), "GET", "/healthz", "")
	if status != http.StatusInternalServerError || !strings.Contains(answer, "API_TOKEN=hunter2") {
		t.Errorf("got %d %s, want 500 with the env", status, answer)
	}
}

func TestLeakReachesTerminationMessageAndStderr(t *testing.T) {
	t.Setenv("API_TOKEN", "hunter2")
	message := filepath.Join(t.TempDir(), "termination-log")
	if err := os.WriteFile(message, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	leakEnv(message, &stderr)
	written, err := os.ReadFile(message)
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range map[string]string{"termination message": string(written), "stderr": stderr.String()} {
		if !strings.Contains(text, "API_TOKEN=hunter2\n") {
			t.Errorf("%s holds no value", place)
		}
	}
}
