/** Keeps the services that the user has logged in to, each with an access key, in a file of the user. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.contexts;
