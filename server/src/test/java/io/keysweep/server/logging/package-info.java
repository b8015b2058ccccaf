/** Tests that texts of users and servers cannot forge lines or fields of the log. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.logging;
