/** Serves the web console: HTML pages that use the same services as the APIs. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console;
