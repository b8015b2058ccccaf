/** The instances of a project as one document, which is applied as a whole or not at all. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.fleet;
