/** The one table of error codes, and the one place where an exception becomes an answer. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.error;
