/**
 * Defines the JSON records of the native API under {@code /api/v1}, which the server and the CLI share.
 *
 * <p>A <i>document</i> or <i>registration</i> is the body of a request. A <i>view</i> or <i>page</i> is the body of a
 * response.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api;
