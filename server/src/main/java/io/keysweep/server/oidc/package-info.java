/** Verifies the tokens of an OpenID Connect issuer, and signs people in to the console through it. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.oidc;
