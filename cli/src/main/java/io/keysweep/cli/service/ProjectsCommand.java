package io.keysweep.cli.service;

import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.YesOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code keysweep projects}, which manages the projects that own instances and access keys. */
@Command(name = "projects", description = "Lists, creates, renames and deletes projects.")
public final class ProjectsCommand extends CommandGroup {

    private ProjectsCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new ProjectsCommand(context)
                .with(new ListProjects(context), new Create(context), new Rename(context), new Remove(context));
    }

    /** Returns the lines that show a new project with the secret key, which no later command shows. */
    private static List<String> createdLines(ProjectCreated created) {
        return List.of(
                created.projectId() + "  " + created.name(),
                "  access key                  " + created.accessKey(),
                "  secret key, shown only now  " + created.secretKey());
    }

    /** Implements {@code keysweep projects list}. */
    @Command(name = "list", description = "Lists the projects that the access key may see.")
    static final class ListProjects extends ServiceCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListProjects(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            output.writeList(context(), new ProjectCalls(client).list(), ProjectTable.PROJECTS);
        }
    }

    /** Implements {@code keysweep projects create}. */
    @Command(
            name = "create",
            description = "Creates a project with its first access key, and shows the key's secret once.")
    static final class Create extends ServiceCommand {

        @Parameters(paramLabel = "NAME", description = "1 to 64 characters")
        private String name = "";

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "id of the new project: 32 hex characters, or a UUID. Default: a random one")
        private @Nullable String id;

        @Option(
                names = "--action",
                paramLabel = "ACTION",
                split = ",",
                description = "actions of the first access key, separated by commas; by default all that concern one"
                        + " project")
        private @Nullable List<String> actions;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Create(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            output.writeOne(
                    context(),
                    new ProjectCalls(client).create(new ProjectRegistration(name, id, actions)),
                    ProjectTable.CREATED,
                    ProjectsCommand::createdLines);
        }
    }

    /** Implements {@code keysweep projects rename}. */
    @Command(name = "rename", description = "Renames a project.")
    static final class Rename extends ServiceCommand {

        @Mixin
        private ProjectArgument project = new ProjectArgument();

        @Parameters(index = "1", paramLabel = "NAME", description = "new name, 1 to 64 characters")
        private String name = "";

        @Mixin
        private IfVersionOption condition = new IfVersionOption();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Rename(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = project.id(client);
            output.writeOne(context(), new ProjectCalls(client).rename(id, name, condition), ProjectTable.PROJECTS);
        }
    }

    /** Implements {@code keysweep projects remove}. */
    @Command(
            name = "remove",
            aliases = "delete",
            description = {
                "Removes a project and its access keys, after asking you. The project must have no instances.",
                "If there is no terminal, --yes is required."
            })
    static final class Remove extends ServiceCommand {

        @Mixin
        private ProjectArgument project = new ProjectArgument();

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = project.id(client);
            yes.confirm(context(), "Remove project '" + project.typed() + "' and its access keys?");
            new ProjectCalls(client).delete(id);
        }
    }
}
