# Where the state lives
terraform {
  required_version = ">= 1.5"
  required_providers {
    local = {
      source  = "hashicorp/local"
      version = "~> 2.4"
    }
  }
}

variable "names" {
  type        = list(string)
  description = "Who gets a file"
  default     = ["ada", "grace"]
}

/* One file for each of them,
   readable by its owner alone */
resource "local_file" "greeting" {
  for_each        = toset(var.names)
  filename        = "${path.module}/out/${each.value}.txt"
  file_permission = "0600"
  content         = <<-EOT
    Hello, ${each.value}.
  EOT
}

output "count" {
  value     = length(var.names) * 2
  sensitive = false // nothing secret
}
