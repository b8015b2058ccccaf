/** Tests sign-ins and tokens of an OpenID Connect issuer, with an issuer that the tests start. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.oidc;
