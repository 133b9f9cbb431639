package usersapi.storage;

/**
 * Names a file.
 *
 * @param userId external id of the user who uploaded it
 * @param fileId the file service's id, unique among the user's files, at most 1019 bytes in UTF-8
 */
public record FileKey(String userId, String fileId) {}
