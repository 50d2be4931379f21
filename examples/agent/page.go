package main

import (
	"bufio"
	"crypto/sha1"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strings"
)

//go:embed page.html
var page []byte

// The one value that RFC 6455 has every server answer with.
const webSocketGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

func servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(page)
}

// greetOverWebSocket says one word to whoever connects, so that a browser shows that the way is open. It reads nothing.
func greetOverWebSocket(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-WebSocket-Key")
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || key == "" {
		http.Error(w, "this is a WebSocket", http.StatusUpgradeRequired)
		return
	}
	connection, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "no WebSocket over this connection", http.StatusHTTPVersionNotSupported)
		return
	}
	defer connection.Close()
	accept := sha1.Sum([]byte(key + webSocketGUID))
	buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(accept[:]) + "\r\n\r\n")
	writeTextFrame(buffered.Writer, "connected")
	buffered.Flush()
	buffered.ReadByte() // until the caller closes, or says anything
}

// writeTextFrame writes a whole message of fewer than 126 bytes.
func writeTextFrame(w *bufio.Writer, text string) {
	w.Write([]byte{0x81, byte(len(text))})
	w.WriteString(text)
}

// showRequest tells what arrived, so that a test can see what a gateway let through. It is for debugging only.
func showRequest(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, map[string]any{"uri": r.RequestURI, "host": r.Host, "headers": r.Header})
}
