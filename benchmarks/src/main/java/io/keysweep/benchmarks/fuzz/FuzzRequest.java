package io.keysweep.benchmarks.fuzz;

/**
 * Holds one request as it is sent.
 *
 * @param number the number of the request; together with the seed of the run it decides the content
 * @param description the operation, the credentials and the changes
 * @param octets the bytes to send, see {@link Octets}
 * @param endsOutput whether the client closes its side of the connection after the request; otherwise the service must
 *     end a request that is not complete
 */
record FuzzRequest(long number, String description, String octets, boolean endsOutput) {}
