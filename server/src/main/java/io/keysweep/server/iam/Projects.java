package io.keysweep.server.iam;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds projects for other packages than {@code iam}.
 *
 * <p>A project owns instances (registered Redis servers) and sees nothing of other projects. Thread-safe.
 */
public interface Projects {

    /** Returns whether a project with an id exists. */
    boolean exists(String id);

    /**
     * Returns the caller's own project. The only name that is refused is the name of another project that the caller
     * can see.
     *
     * <p>A client may name the project as it likes, for example by a region such as {@code cn-north-4}, because
     * projects of Huawei Cloud have such names. The name of a project that the caller cannot see is also accepted;
     * otherwise the answer would reveal that the project exists.
     *
     * @param name name of a project or a region; null for no name
     * @return empty if another visible project has the name, or if the caller's project was deleted in the meantime
     */
    Optional<Project> findOwn(Caller caller, @Nullable String name);
}
