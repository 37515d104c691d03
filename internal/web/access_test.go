package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"teamhealth/internal/web"
)

// A user, two passwords, and their hashes by bcrypt at its lowest cost.
const (
	user       = "prometheus"
	password   = "correct horse"
	hashed     = "$2a$04$C11qhSpPF2SF4wD6ljpEp.tABsnAro43vuiqSv0PzZtr.Cc8Zypdy"
	other      = "second"
	otherHash  = "$2a$04$Yp8nzUIxVz6lYDgAHTFUQeHZO1pOwQvPfKufXk7USewPNohtlbw22"
	commonName = "first.example"
)

// certify writes a certificate for loopback and its key into dir, and returns
// the pool that trusts it.
func certify(t *testing.T, dir, name string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	write(t, filepath.Join(dir, "cert.pem"), string(certificate))
	write(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	return pool
}

// secured is a server with a certificate and one user, and a client that
// trusts it. The client opens a connection for each request.
type secured struct {
	*running
	dir, file string
	client    *http.Client
}

func startSecured(t *testing.T, listeners int) *secured {
	t.Helper()
	dir := t.TempDir()
	pool := certify(t, dir, commonName)
	file := write(t, filepath.Join(dir, "web.yml"),
		"tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {"+user+": "+hashed+"}\n")
	return &secured{
		running: start(t, listeners, web.Options{ConfigFile: file}), dir: dir, file: file,
		client: &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true, ForceAttemptHTTP2: true,
		}},
	}
}

// as asks for a path with a password; without one when it is empty.
func (s *secured) as(t *testing.T, address, path, name, pass string) reply {
	t.Helper()
	r := request(t, http.MethodGet, "https://"+address+path, http.NoBody)
	if pass != "" {
		r.SetBasicAuth(name, pass)
	}
	return askBy(t, s.client, r)
}

func TestEveryPathNeedsThePassword(t *testing.T) {
	t.Parallel()
	s := startSecured(t, 2)
	for _, address := range s.addresses {
		for _, path := range []string{"/", "/metrics", "/api/v1/scorecard", "/-/healthy", "/-/ready", "/-/reload", "/none"} {
			if got := s.as(t, address, path, user, password); got.status != http.StatusOK || got.body != "hello" {
				t.Errorf("GET %s with the password: %d %q, want 200", path, got.status, got.body)
			}
			for name, pass := range map[string]string{"nobody": password, user: "wrong", "": password, "missing": ""} {
				got := s.as(t, address, path, name, pass)
				if got.status != http.StatusUnauthorized || strings.Contains(got.body, "hello") || got.header.Get("Www-Authenticate") == "" {
					t.Errorf("GET %s as %q with %q: %d %q, want 401", path, name, pass, got.status, got.body)
				}
				checkHeaders(t, got.header)
			}
		}
	}
	if log := s.log.String(); strings.Contains(log, password) || strings.Contains(log, hashed) {
		t.Errorf("the log shows a password:\n%s", log)
	}
}

func TestPlainRequestsToATLSServerAreRefused(t *testing.T) {
	t.Parallel()
	s := startSecured(t, 1)
	r := request(t, http.MethodGet, s.url("/"), http.NoBody)
	r.SetBasicAuth(user, password)
	if got := ask(t, r); got.status != http.StatusBadRequest || strings.Contains(got.body, "hello") {
		t.Errorf("got %d %q, want 400", got.status, got.body)
	}
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	t.Parallel()
	s := startSecured(t, 1)
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		config := s.client.Transport.(*http.Transport).TLSClientConfig.Clone()
		config.MinVersion, config.MaxVersion = version, version
		conn, err := tls.Dial("tcp", s.addresses[0], config)
		if got := err == nil; got != want {
			t.Errorf("%s: accepted %t with error %v, want %t", tls.VersionName(version), got, err, want)
		}
		if err == nil {
			conn.Close()
		}
	}
}

func TestHTTP2IsSpokenOverTLS(t *testing.T) {
	t.Parallel()
	s := startSecured(t, 1)
	r := request(t, http.MethodGet, "https://"+s.addresses[0]+"/", http.NoBody)
	r.SetBasicAuth(user, password)
	response, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.ProtoMajor != 2 {
		t.Errorf("got %s, want HTTP/2", response.Proto)
	}
	checkHeaders(t, response.Header)
}

func TestAChangedFileHoldsFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	s := startSecured(t, 1)
	address := s.addresses[0]
	if got := s.as(t, address, "/", user, password); got.status != http.StatusOK {
		t.Fatalf("the first password gets %d", got.status)
	}
	write(t, s.file, "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {"+user+": "+otherHash+"}\n")
	if got := s.as(t, address, "/", user, password); got.status != http.StatusUnauthorized {
		t.Errorf("the password that was taken away gets %d, want 401", got.status)
	}
	if got := s.as(t, address, "/", user, other); got.status != http.StatusOK {
		t.Errorf("the new password gets %d, want 200", got.status)
	}
	s.client.Transport.(*http.Transport).TLSClientConfig.RootCAs = certify(t, s.dir, "second.example")
	if got := s.as(t, address, "/", user, other); got.status != http.StatusOK {
		t.Errorf("with the new certificate: %d, want 200", got.status)
	}
}

func TestAFileThatTurnsBadLetsNobodyIn(t *testing.T) {
	t.Parallel()
	file := write(t, filepath.Join(t.TempDir(), "web.yml"), "basic_auth_users: {"+user+": "+hashed+"}\n")
	r := start(t, 1, web.Options{ConfigFile: file})
	right := request(t, http.MethodGet, r.url("/"), http.NoBody)
	right.SetBasicAuth(user, password)
	if got := ask(t, right); got.status != http.StatusOK {
		t.Fatalf("while the file is good: %d, want 200", got.status)
	}
	write(t, file, "basic_auth_users: [")
	got := ask(t, right)
	if got.status != http.StatusInternalServerError || strings.Contains(got.body, "hello") {
		t.Errorf("got %d %q, want 500", got.status, got.body)
	}
	checkHeaders(t, got.header)
}

func TestAHandshakeThatNeverEndsIsCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certify(t, dir, commonName)
	file := write(t, filepath.Join(dir, "web.yml"), "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n")
	synctest.Test(t, func(t *testing.T) {
		_, dial := piped(t, web.Options{ConfigFile: file})
		begun := time.Now()
		answer, err := io.ReadAll(dial())
		if after := time.Since(begun); err != nil || len(answer) > 0 || after != 10*time.Second {
			t.Errorf("after %s: %q, %v; want the connection closed after 10 s", after, answer, err)
		}
	})
}
