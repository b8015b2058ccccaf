/** Checks the certificate of the service before the start, and logs whether a replaced certificate is used. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.tls;
