/** Checks the certificate of the service before it starts, and logs what becomes of a certificate that is replaced. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.tls;
