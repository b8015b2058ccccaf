/** Serves the overview, the first page of the console: all instances of a project with their state and figures. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console.fleet;
