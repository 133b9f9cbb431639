package usersapi.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files with secrets, which only their owner may read: mode 0600, in directories of mode 0700. On a file system without
 * modes, as on Windows, the user's directory protects them.
 */
public final class PrivateFiles {

    private PrivateFiles() {}

    /**
     * Creates the directory if it does not exist, and restricts it to its owner.
     *
     * @throws ServerStartException if it cannot be created or written to
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

    /** Restricts a file or a directory to its owner. */
    public static void restrict(Path file) throws IOException {
        var attributes = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (attributes != null) {
            attributes.setPermissions(
                    PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    /** Writes the text atomically: if the process ends meanwhile, the old file stays. */
    public static void write(Path file, String text) throws IOException {
        // Java restricts a temporary file to its owner.
        var written = Files.createTempFile(file.toAbsolutePath().getParent(), ".", ".new");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
