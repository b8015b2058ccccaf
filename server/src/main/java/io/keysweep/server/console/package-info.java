/** The web console: HTML pages over the same services that the APIs use. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console;
