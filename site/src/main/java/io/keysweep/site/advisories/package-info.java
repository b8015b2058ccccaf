/** Checks the libraries of a release against advisories in OSV files, without a network. Not shipped. */
@org.jspecify.annotations.NullMarked
package io.keysweep.site.advisories;
