/** Applies fleet documents: the wanted instances of a project in one document, applied completely or not at all. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.fleet;
