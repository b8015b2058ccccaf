/** The web console: pages for people over the same services that the APIs stand on. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.console;
