@org.jspecify.annotations.NullMarked
package io.keysweep.engine.assist;
