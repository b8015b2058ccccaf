/** Tests people of an OpenID Connect issuer, with an issuer of the tests' own. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.oidc;
