package io.keysweep.server.iam;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds projects for other features.
 *
 * <p>A project owns instances (registered Redis servers) and sees nothing of other projects. Safe for use by several
 * threads.
 */
public interface Projects {

    /** Returns whether a project with an id exists. */
    boolean exists(String id);

    /**
     * Returns the caller's own project if the name may stand for it. Returns empty if the name is that of another project
     * that the caller can see, or if the caller's project was deleted meanwhile.
     *
     * <p>Clients call a project by the name of a region, such as {@code cn-north-4}, because a project of Huawei Cloud
     * has that name. So every name stands for the caller's own project, except that of another project that the caller
     * can see. The name of a hidden project must stand for it too, or the answer would reveal that the project exists.
     *
     * @param name name of a project or a region; null for no name
     */
    Optional<Project> own(Caller caller, @Nullable String name);
}
