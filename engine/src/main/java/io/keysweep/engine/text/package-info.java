/** Shows text from elsewhere to people without harm; the service and the command line use it, too. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.text;
