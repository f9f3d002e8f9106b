/**
 * A self-signed certificate for `service.test` and `rebind.example.com`, valid for a hundred years,
 * for TLS servers that tests start on this machine. The key is public and protects nothing.
 */
export const TEST_CERTIFICATE = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUZ10mCxkcRCqICopX4Gfp9uZ6j3MwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VydmljZS50ZXN0MCAXDTI2MTEyMTE0MzMyOVoYDzIxMjYx
MDI4MTQzMzI5WjAXMRUwEwYDVQQDDAxzZXJ2aWNlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQMnG4I5bX5axpEmJE00x7lStexrP8QuqKZ4L69sxZWgLKZ
LpTHbIgM/zdLDh9hkRu14ue3az50N/Xp6rg5koP2o4GAMH4wHQYDVR0OBBYEFF6b
t+8uCqnqEi47S82ymDkBCWUQMB8GA1UdIwQYMBaAFF6bt+8uCqnqEi47S82ymDkB
CWUQMA8GA1UdEwEB/wQFMAMBAf8wKwYDVR0RBCQwIoIMc2VydmljZS50ZXN0ghJy
ZWJpbmQuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSAAwRQIgaJRBP0o288ZHsq0N
//lwvGnzdLNs28bTSY2oGPuOuLsCIQDkf3d6nD0ebwfg+pZ4SviaIu56LDiWJnN1
bT4yFg67SA==
-----END CERTIFICATE-----\n`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0PbapT5Vk9hwiyUf
dOTiT0N3Y30NwmSjxL/imnsQjJuhRANCAAQMnG4I5bX5axpEmJE00x7lStexrP8Q
uqKZ4L69sxZWgLKZLpTHbIgM/zdLDh9hkRu14ue3az50N/Xp6rg5koP2
-----END PRIVATE KEY-----\n`,
} as const;
