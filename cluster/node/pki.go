package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The state folder is thrown away long before.
const certificateLife = 10 * 365 * 24 * time.Hour

// createSecrets makes the folder of keys, certificates, kubeconfigs and the key that Secrets are encrypted with: whole
// or not at all, and once in a cluster's life.
func createSecrets(at paths) error {
	if _, err := os.Stat(at.secrets()); err == nil {
		return nil
	}
	unfinished := at.secrets() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return err
	}
	if err := writeSecrets(unfinished); err != nil {
		return fmt.Errorf("keys and certificates: %w", err)
	}
	return os.Rename(unfinished, at.secrets())
}

func writeSecrets(folder string) error {
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	if err := writePrivate(folder, "ca.crt", encodePEM("CERTIFICATE", ca.certificate.Raw)); err != nil {
		return err
	}
	for name, identity := range serverIdentities {
		if err := ca.writePair(folder, name, identity); err != nil {
			return err
		}
	}
	for name, user := range clientUsers {
		issued, key, err := ca.issue(&x509.Certificate{Subject: user.subject})
		if err != nil {
			return err
		}
		content := kubeconfig(user.server, encodePEM("CERTIFICATE", ca.certificate.Raw), issued, key)
		if err := writePrivate(folder, name+".kubeconfig", content); err != nil {
			return err
		}
	}
	if err := writeServiceAccountKeys(folder); err != nil {
		return err
	}
	return writeEncryptionConfig(folder)
}

// serverIdentities are the certificates given as files. The last is the one the API server shows to the kubelet.
var serverIdentities = map[string]*x509.Certificate{
	"apiserver": {
		Subject: pkix.Name{CommonName: "kube-apiserver"},
		DNSNames: []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
			"kubernetes.default.svc.cluster.local"},
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1"), net.ParseIP(nodeAddress), net.ParseIP(apiServiceAddr)},
	},
	"kubelet": {
		Subject:     pkix.Name{CommonName: "kubelet"},
		DNSNames:    []string{nodeName},
		IPAddresses: []net.IP{net.ParseIP(nodeAddress)},
	},
	"apiserver-kubelet-client": {
		Subject: pkix.Name{CommonName: "kube-apiserver-kubelet-client", Organization: []string{"system:masters"}},
	},
}

// clientUsers are the users with a kubeconfig, under the names that the API server's built-in roles are bound to.
var clientUsers = map[string]struct {
	subject pkix.Name
	server  string
}{
	"admin": {pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}, apiServer},
	"kubelet": {pkix.Name{CommonName: "system:node:" + nodeName, Organization: []string{"system:nodes"}},
		apiServerInside},
	"kube-controller-manager": {pkix.Name{CommonName: "system:kube-controller-manager"}, apiServerInside},
	"kube-scheduler":          {pkix.Name{CommonName: "system:kube-scheduler"}, apiServerInside},
	// It writes nodes, leases and pods' statuses, and deletes pods, as kubelets do.
	simulatorName: {pkix.Name{CommonName: "kwok", Organization: []string{"system:masters"}}, apiServerInside},
	"kube-proxy":  {pkix.Name{CommonName: "system:kube-proxy"}, apiServerInside},
}

const apiServerInside = "https://127.0.0.1:6443"

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// newAuthority makes the cluster's certificate authority. Its key is written nowhere: all it will sign is signed at once.
func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cluster"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return &authority{certificate, key}, err
}

func (ca *authority) issue(identity *x509.Certificate) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := *identity
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = ca.certificate.NotBefore, ca.certificate.NotAfter
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(identity.IPAddresses) > 0 {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	raw, err := x509.CreateCertificate(rand.Reader, &template, ca.certificate, private.Public(), ca.key)
	if err != nil {
		return nil, nil, err
	}
	key, err = encodeKey(private)
	return encodePEM("CERTIFICATE", raw), key, err
}

func (ca *authority) writePair(folder, name string, identity *x509.Certificate) error {
	certificate, key, err := ca.issue(identity)
	if err != nil {
		return err
	}
	if err := writePrivate(folder, name+".crt", certificate); err != nil {
		return err
	}
	return writePrivate(folder, name+".key", key)
}

func writeServiceAccountKeys(folder string) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := encodeKey(private)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return err
	}
	if err := writePrivate(folder, "service-account.key", key); err != nil {
		return err
	}
	return writePrivate(folder, "service-account.pub", encodePEM("PUBLIC KEY", public))
}

func writeEncryptionConfig(folder string) error {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	return writePrivate(folder, "encryption.yaml", fmt.Appendf(nil, `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox: {keys: [{name: first, secret: %s}]}
`, base64.StdEncoding.EncodeToString(key)))
}

func kubeconfig(server string, ca, certificate, key []byte) []byte {
	encode := base64.StdEncoding.EncodeToString
	return fmt.Appendf(nil, `apiVersion: v1
kind: Config
current-context: cluster
contexts:
  - name: cluster
    context: {cluster: cluster, user: user}
clusters:
  - name: cluster
    cluster: {server: "%s", certificate-authority-data: %s}
users:
  - name: user
    user: {client-certificate-data: %s, client-key-data: %s}
`, server, encode(ca), encode(certificate), encode(key))
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	raw, err := x509.MarshalECPrivateKey(key)
	return encodePEM("EC PRIVATE KEY", raw), err
}

func encodePEM(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
}

func writePrivate(folder, name string, content []byte) error {
	return os.WriteFile(filepath.Join(folder, name), content, 0o600)
}
