/**
 * Defines all error codes, and turns every exception into an error response in one place.
 *
 * <p>Code that refuses a request throws a {@code RequestRefusedException} with an error code. Its response has the form
 * that fits the path: an error of the DCS API (Huawei Cloud's Distributed Cache Service), problem+json, or a page of
 * the console.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.error;
