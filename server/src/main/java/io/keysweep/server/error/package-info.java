/** Defines all error codes, and turns every exception into an error response in one place. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.error;
