@org.jspecify.annotations.NullMarked
package io.keysweep.server.cliff;
