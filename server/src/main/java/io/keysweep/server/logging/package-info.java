/** Writes log lines in which text from elsewhere can neither forge a line nor control a terminal. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.logging;
