/**
 * Signs users in to the console and out, and protects its pages: sessions, tokens of forms, and the sign-in through an
 * OpenID Connect issuer. It also changes a user's own password and the language of a browser.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.session;
