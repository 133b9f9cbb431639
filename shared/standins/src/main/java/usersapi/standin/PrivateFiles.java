package usersapi.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that only their owner may read, since they hold secrets: mode 0600, in directories of mode 0700. On a file system
 * without such modes, as on Windows, the user's own directory protects them.
 */
public final class PrivateFiles {

    private PrivateFiles() {}

    /**
     * Makes the directory, if it does not exist, and closes it to others.
     *
     * @throws ServerStartException if it cannot be made or written to
     */
    public static void directory(Path directory) {
        try {
            Files.createDirectories(directory);
            restrict(directory);
        } catch (IOException e) {
            throw new ServerStartException("The directory %s cannot be used (%s); choose another with -Dlocal.data=DIR."
                    .formatted(directory, e.getClass().getSimpleName()), e);
        }
        if (!Files.isWritable(directory)) {
            throw new ServerStartException(
                    "The directory %s is not writable; choose another with -Dlocal.data=DIR.".formatted(directory));
        }
    }

    /** Closes a file or a directory to others. */
    public static void restrict(Path file) throws IOException {
        var attributes = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (attributes != null) {
            attributes.setPermissions(
                    PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    /** Writes the text, all or nothing: if the process ends meanwhile, the old file stays. */
    public static void write(Path file, String text) throws IOException {
        // Java makes a temporary file that only its owner may read.
        var written = Files.createTempFile(file.toAbsolutePath().getParent(), ".", ".new");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
