/** Makes text from servers and users harmless to show, which the service and the command line also use. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.text;
