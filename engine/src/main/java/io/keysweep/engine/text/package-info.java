/** Makes text from servers and users harmless to show; the service and the command line use it, too. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.text;
